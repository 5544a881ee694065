package diag

// The codes of package syntax. In the examples, {text}×n stands for n times
// text, where # is 1, 2, ... n.
const (
	// UnexpectedToken occurs when the grammar allows no such token here.
	//
	// Example:
	//
	//	if x the y() end
	UnexpectedToken Code = "unexpected-token"

	// UnexpectedCharacter occurs when a character, outside strings and
	// comments, is part of no token of Lua.
	//
	// Example:
	//
	//	if a != b then end
	UnexpectedCharacter Code = "unexpected-character"

	// UnclosedBlock occurs when a block is not ended by its 'end' or 'until'.
	//
	// Example:
	//
	//	while true do
	//	  print("again")
	UnclosedBlock Code = "unclosed-block"

	// UnclosedBracket occurs when a bracket is not closed where it has to be.
	//
	// Example:
	//
	//	print((1 + 2)
	//	x = 1
	UnclosedBracket Code = "unclosed-bracket"

	// NotAStatement occurs when an expression that is no call stands where a
	// statement has to.
	//
	// Example:
	//
	//	x + 1
	NotAStatement Code = "not-a-statement"

	// BadAssignment occurs when the left side of an assignment is neither a
	// variable nor a field.
	//
	// Example:
	//
	//	f() = 1
	BadAssignment Code = "bad-assignment"

	// AfterReturn occurs when a statement follows return in the same block.
	//
	// Example:
	//
	//	return 1
	//	print("never")
	AfterReturn Code = "after-return"

	// MalformedNumber occurs when a numeral is not one.
	//
	// Example:
	//
	//	x = 3..2
	MalformedNumber Code = "malformed-number"

	// BadEscape occurs when a string holds an escape sequence that is out of
	// range, incomplete, or of a later version.
	//
	// Example:
	//
	//	x = "\300"
	BadEscape Code = "bad-escape"

	// UnknownEscape occurs when a string holds a backslash before a character
	// that needs none, which Lua 5.1 allows and 5.2 does not. It is a warning.
	//
	// Example:
	//
	//	x = "a\/b"
	UnknownEscape Code = "unknown-escape"

	// UnfinishedString occurs when a string is not closed: a short one on its
	// line, a long one in its file.
	//
	// Example:
	//
	//	x = "abc
	UnfinishedString Code = "unfinished-string"

	// UnfinishedComment occurs when a long comment is not closed.
	//
	// Example:
	//
	//	--[[ once upon a time
	UnfinishedComment Code = "unfinished-comment"

	// BadLongBracket occurs when "[=" does not go on to be the opening
	// bracket of a long string.
	//
	// Example:
	//
	//	x = [=abc]=]
	BadLongBracket Code = "bad-long-bracket"

	// NestingTooDeep occurs when more than 200 blocks and expressions stand
	// inside one another, the limit that Lua has too.
	//
	// Example:
	//
	//	x = {(}×201 1 {)}×201
	NestingTooDeep Code = "nesting-too-deep"

	// ExpressionTooLong occurs when more than 65,536 operators, calls or
	// indices follow one another in one chain.
	//
	// Example:
	//
	//	x = 1 {+ 1}×65537
	ExpressionTooLong Code = "expression-too-long"

	// PrecompiledChunk occurs when the file is not source text but the output
	// of luac.
	//
	// Example:
	//
	//	{\x1bLua}×1
	PrecompiledChunk Code = "precompiled-chunk"

	// EncryptedFile occurs when the file is not source text but what the
	// original host of coromega scripts has encrypted.
	//
	// Example:
	//
	//	#ENCRYPT LUA CODE
	EncryptedFile Code = "encrypted-file"
)

// The codes of package resolve.
const (
	// ModuleNotFound occurs when no file is found for a module that is required
	// by a constant name: the program will look for one when it runs. It is a
	// warning.
	//
	// Example:
	//
	//	require("no.such.module")
	ModuleNotFound Code = "module-not-found"

	// OpenRequire occurs when the name of a required module is known only when
	// the program runs: it will look for a file then. It is a warning.
	//
	// Example:
	//
	//	require(io.read())
	OpenRequire Code = "open-require"

	// CallersEnvironment occurs when setfenv is called for the function that called
	// the running one. It is a warning.
	//
	// Example:
	//
	//	setfenv(2, {})
	CallersEnvironment Code = "callers-environment"

	// OwnHost occurs when a file is called like a module of the host, but is the
	// original host's own: luago's module is taken. It is a warning.
	// Scripts cannot cause it, only files beside them.
	OwnHost Code = "own-host"

	// UndefinedLabel occurs when a goto names a label that no block around it
	// has.
	//
	// Example:
	//
	//	goto nowhere
	UndefinedLabel Code = "undefined-label"

	// DuplicateLabel occurs when a block has two labels of the same name.
	//
	// Example:
	//
	//	::a::
	//	::a::
	DuplicateLabel Code = "duplicate-label"

	// JumpIntoScope occurs when a goto jumps past the declaration of a local
	// variable to a place where the variable is visible.
	//
	// Example:
	//
	//	goto skip
	//	local x = 1
	//	::skip::
	//	print(x)
	JumpIntoScope Code = "jump-into-scope"

	// BreakOutsideLoop occurs when a break stands in no loop of its function.
	//
	// Example:
	//
	//	if x then break end
	BreakOutsideLoop Code = "break-outside-loop"

	// VarargOutside occurs when '...' stands in a function that does not take
	// a variable number of arguments.
	//
	// Example:
	//
	//	function f() return ... end
	VarargOutside Code = "vararg-outside"

	// TooManyLocals occurs when more than 200 local variables of a function
	// are visible at once, the limit that Lua has too. A for loop counts
	// three for itself.
	//
	// Example:
	//
	//	{local a# }×201
	TooManyLocals Code = "too-many-locals"

	// TooManyUpvalues occurs when a function mentions more than 255 variables
	// of the functions around it, the limit that Lua has too.
	//
	// Example:
	//
	//	{local a# }×150
	//	function f()
	//	  {local b# }×150
	//	  return function() return {a#,}×150 {b#,}×150 0 end
	//	end
	TooManyUpvalues Code = "too-many-upvalues"
)
