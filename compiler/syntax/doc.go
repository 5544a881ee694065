// Package syntax reads Lua 5.2 source text into a tree, and prints trees.
//
// Parse is the way in: a diag.File becomes a Chunk, and what is wrong with it
// becomes messages in a diag.Sink. It is a hand-written scanner and a
// recursive-descent parser that reads any sequence of bytes without a panic,
// in time and stack that a hostile file cannot blow up.
//
// It must not know what a name means: scopes, labels and modules are the
// concern of package resolve. Walk and Print are for all later stages.
package syntax
