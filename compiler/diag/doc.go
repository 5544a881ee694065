// Package diag holds source files, positions in them, and the messages of all
// compiler stages.
//
// A stage reports Diagnostics to a Sink; the driver sorts and renders them as
//
//	file.lua:3:7: expected 'then', found name 'x'
//	  if a x
//	       ^
//
// Input: file names, source text and what the stages report. Output: text for
// a terminal. It must not know what Lua is: the one thing that it shares with
// the scanner is what ends a line.
package diag
