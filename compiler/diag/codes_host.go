package diag

// The codes of packages surface and infer, about what the host offers.
const (
	// BadSurface occurs when a surface file, which declares what the host
	// offers, does not follow its notation. Scripts cannot cause it.
	BadSurface Code = "bad-surface"

	// UnknownMember occurs when a script uses a method, function or field
	// that a host object or host module does not have. It is a warning.
	//
	// Example:
	//
	//	local coromega = require("coromega").from(require("omega"))
	//	coromega:slep(1)
	UnknownMember Code = "unknown-member"

	// WrongCall occurs when a script calls a method with a dot, or a function
	// with a colon. It is a warning.
	//
	// Example:
	//
	//	local coromega = require("coromega").from(require("omega"))
	//	coromega.print("hello")
	WrongCall Code = "wrong-call"

	// NeverRun occurs when a script starts something that waits for a call of
	// run, and nothing in the program calls that. It is a warning.
	//
	// Example:
	//
	//	local coromega = require("coromega").from(require("omega"))
	//	coromega:start_new(function() coromega:sleep(1) print("late") end)
	NeverRun Code = "never-run"

	// OutsideCoroutine occurs when the main script itself, and not a
	// function in it, calls what works inside a coroutine only.
	//
	// Example:
	//
	//	local coromega = require("coromega").from(require("omega"))
	//	local conn = coromega:connect_to_websocket("ws://127.0.0.1:1042")
	OutsideCoroutine Code = "outside-coroutine"
)
