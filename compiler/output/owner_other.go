//go:build !unix

package output

import "io/fs"

// keepOwner does nothing: who makes a file owns it.
func keepOwner(string, fs.FileInfo) {}
