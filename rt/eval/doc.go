// Package eval runs Lua chunks that are known only at run time: it is what is
// behind load, loadstring, loadfile, dofile, and require of files that were not
// compiled in.
//
// Input: source text. Output: a function value like any other. Values, tables,
// metamethods, errors and threads are those of package rt, so evaluated and
// compiled code call each other freely. The package must not know how compiled
// code looks, nor any library.
//
// # How
//
// A resolved tree is turned once into Go closures, one for each statement and
// expression, specialised by what the operands are:
//
//	x + 1      func(fr *frame) rt.Value {
//	               if v := fr.Slots[slot]; v.IsNumber() {
//	                   return rt.Number(v.F + 1)
//	               }
//	               ...
//
// A call of an evaluated function is a frame of its thread (rt.Activation), with
// a slot for each local variable. Variables that inner functions capture live
// in cells of their own, made anew whenever their declaration is executed.
//
// Statements return a ctl, which says how to go on: with the next statement,
// or after a break, a return or a goto with a statement further out.
//
// # Lines
//
// An operation that can fail or call stores its line in the frame first; the
// runtime finds it there (see rt/activation.go). The lines, and the names in
// messages, are those of compiled code, which has them from the C
// implementation.
package eval
