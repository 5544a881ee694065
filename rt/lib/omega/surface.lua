---@meta omega

--- Where the host keeps the files of scripts.
---@class OmegaStoragePath
local storage_path = {}

--- Joins its arguments to a path below the folder for code.
--- ```lua
--- print(omega.storage_path.get_code_path("app", "?.lua")) -- ./storage/lang/app/?.lua
--- ```
---@param ... string
---@return string path
function storage_path.get_code_path(...) end

--- The host.
---@class omega
---@field storage_path OmegaStoragePath
local omega = {}
omega.storage_path = storage_path

return omega
