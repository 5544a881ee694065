package rt

// Recent strings. C Lua has one object for each short string, and finds it by
// hashing every string that is made. Here strings are made without looking, for
// many live so briefly that it would not pay. But programs that take text apart
// make the same words, keys and digits again and again: so a State remembers
// short strings that it made, and looks there first as long as that often helps.
//
// A string found costs neither an allocation nor its collection; it has its
// hash, is known to equal a constant or not, and as a key of a table it is the
// very object that is there: words built letter by letter take 0.7 of the time,
// words counted 0.9. What does not repeat is told apart by its source, and stops
// being looked up; building 3,000 different strings over and over takes 1.03.

// maxRecent is the length of the longest strings that are remembered.
const maxRecent = 24

// recentSlots is the number of strings that are remembered.
const recentSlots = 1 << 12

// A source is a way strings are made.
type source uint8

const (
	fromPart source = iota
	fromConcat
	fromBytes
	numSources
)

// A recentStrings holds strings by their hash.
type recentStrings struct {
	slots [recentSlots]*String
	from  [numSources]recentUse
}

// A recentUse says whether strings of one source are worth looking up.
type recentUse struct {
	balance int // rises when one is found, falls when not
	pause   int // strings to be made without looking
}

const (
	foundGain  = 2   // what a string found is worth, in strings not found
	maxBalance = 256 // found before: a change for the worse is noticed soon
	minBalance = -64 // then looking is given up
	longPause  = 1 << 12
)

// recent returns a string of the bytes of text, which is short but has two
// bytes or more. They are copied.
func (st *State) recent(text string, from source) *String {
	r := st.recents
	if r == nil {
		r = new(recentStrings)
		st.recents = r
	}
	use := &r.from[from]
	if use.pause > 0 {
		use.pause--
		return copyText(text)
	}
	hash := hashString(text)
	slot := &r.slots[hash%recentSlots]
	if s := *slot; s != nil && s.hash == hash && s.s == text {
		if use.balance += foundGain; use.balance > maxBalance {
			use.balance = maxBalance
		}
		return s
	}
	if use.balance--; use.balance < minBalance {
		use.balance, use.pause = 0, longPause
	}
	s := constantOf(text, hash)
	if s == nil {
		s = copyText(text)
		s.hash = hash
		s.flags |= strPlain
	}
	*slot = s
	return s
}

// constantOf returns the constant of the given text and hash, or nil.
func constantOf(text string, hash uint32) *String {
	if constBloom[hash>>6%uint32(len(constBloom))]&(1<<(hash&63)) == 0 {
		return nil
	}
	return constPool[text]
}
