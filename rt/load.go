package rt

// Load compiles a chunk at run time, for load, loadfile and the like; env is
// its _ENV, and name the chunk's name with a leading "@", "=" or neither, as
// scripts give it. It returns the main function, or what is wrong with text.
//
// The variable is nil unless the program is linked with the evaluator.
var Load func(st *State, text, name string, env Value) (f Value, problem string)

// LoadEnv returns the _ENV that chunks are loaded with at run time unless they are
// given another: the globals table, or what setfenv(0, t) has set.
func (st *State) LoadEnv() Value {
	if !st.loadEnv.IsNil() {
		return st.loadEnv
	}
	return st.Globals.Value()
}

// SetLoadEnv sets LoadEnv.
func (st *State) SetLoadEnv(env Value) { st.loadEnv = env }
