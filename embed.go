// Package luago holds what the luago command carries with it: the source of
// the runtime, so that it can build programs anywhere.
//
// It must not import anything of ours.
package luago

import "embed"

//go:generate go run ./cmd/luago bind wsrt
//go:generate go run ./cmd/luago bind docs/api.md

// Version is the version of luago.
const Version = "0.1.0"

// RuntimeSource is the runtime module: its go.mod and go.sum, the packages
// that generated programs import, the front of the compiler for those that
// load chunks at run time, and the surface files, which tell the compiler what
// the host offers. In modules/ is what the runtime needs of others, as the Go
// module proxy serves it, so that programs build without a network.
//
//go:embed go.mod go.sum modules rt wsrt
//go:embed compiler/diag/*.go compiler/syntax/*.go compiler/stdlib/*.go compiler/resolve/*.go
var RuntimeSource embed.FS
