// Package resolve finds out what each name of a tree means: which variable,
// which label, which module.
//
// Resolve fills an Info for one Chunk; Load reads a main script with all
// modules that it requires by constant names, and resolves each. Mistakes that
// need scopes to be seen (a goto without its label, a break outside a loop)
// go to a diag.Sink.
//
// It must not know values or types: whether a variable is ever a number, or a
// global ever set, is the concern of package infer.
package resolve
