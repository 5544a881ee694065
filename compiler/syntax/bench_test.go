package syntax

import (
	"strings"
	"testing"

	"github.com/luago-lang/luago/compiler/diag"
)

// BenchmarkParse reads a file of about 10 MB of ordinary code.
func BenchmarkParse(b *testing.B) {
	text := strings.TrimSuffix(strings.SplitN(seeds(b)["everything.lua"], "\n", 2)[1], "return\n")
	text = strings.Repeat(text, 10<<20/len(text))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		var files diag.Files
		var sink diag.Sink
		Parse(files.Add("bench.lua", text), &sink)
		if sink.HasErrors() {
			b.Fatal(sink.All()[0].Message)
		}
	}
}

// BenchmarkScan cuts the same text into tokens.
func BenchmarkScan(b *testing.B) {
	text := seeds(b)["everything.lua"]
	text = strings.Repeat(text[strings.IndexByte(text, '\n'):], 10<<20/len(text))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		var files diag.Files
		fail := func(_ diag.Code, _, _ diag.Pos, format string, _ ...any) { b.Fatal(format) }
		s := scanner{report: fail, warn: fail}
		s.init(files.Add("bench.lua", text))
		for tok := (token{kind: tokName}); tok.kind != tokEOF; {
			s.next(&tok)
		}
	}
}
