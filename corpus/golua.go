package corpus

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	golua "github.com/Shopify/go-lua"
	"golang.org/x/tools/txtar"

	"github.com/luago-lang/luago/cmd/luago/verify"
)

// RunGoLua runs the program inside this process under Shopify/go-lua, whose
// print and io.write are led into the result. Only a program that needs no
// input, no arguments and no exit status can be run so: the others, and those
// that need what go-lua lacks, carry a trailer.
func (c *Case) RunGoLua() (r verify.Result, err error) {
	var out bytes.Buffer
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
		r.Stdout = verify.Reword(out.String())
	}()
	l := verify.NewGoLua(&out)
	if err := golua.LoadBuffer(l, c.Source(), "@main.lua", "t"); err != nil {
		return r, fmt.Errorf("%w: %s", err, top(l))
	}
	if err := l.ProtectedCall(0, 0, 0); err != nil {
		return r, fmt.Errorf("%w: %s", err, top(l))
	}
	return r, nil
}

// top returns the message that an error left on the stack.
func top(l *golua.State) string {
	s, _ := l.ToString(-1)
	return s
}

// setGoLua writes the reason why go-lua cannot run the case into its file, or
// takes it out.
func (c *Case) setGoLua(reason string) error {
	if reason == c.GoLua {
		return nil
	}
	data, err := os.ReadFile(c.Path)
	if err != nil {
		return err
	}
	ar := txtar.Parse(data)
	comment := string(ar.Comment)
	if c.GoLua != "" {
		comment = strings.Replace(comment, "go-lua: no ("+c.GoLua+")\n", "", 1)
	}
	comment = strings.TrimRight(comment, "\n") + "\n"
	if reason != "" {
		if last := comment[strings.LastIndex(strings.TrimRight(comment, "\n"), "\n")+1:]; !trailer.MatchString(strings.TrimRight(last, "\n")) {
			comment += "\n"
		}
		comment += "go-lua: no (" + reason + ")\n"
	}
	ar.Comment = []byte(comment)
	return os.WriteFile(c.Path, txtar.Format(ar), 0o644)
}
