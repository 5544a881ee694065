package diag

// Suggest returns the candidate that name was probably meant to be, or "".
// It is the one at the smallest edit distance (insertions, deletions,
// replacements and swaps of neighbours), the first in order among equals, as
// long as that distance is at most a third of the name's length, rounded up.
func Suggest(name string, candidates []string) string {
	if len(name) < 2 || len(name) > 64 {
		return ""
	}
	best, bestDistance := "", (len(name)+2)/3+1
	for _, c := range candidates {
		if c == name || len(c) == 0 || len(c) > 64 {
			continue
		}
		if d := distance(fold(name), fold(c), bestDistance); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	if bestDistance >= len(best) {
		return ""
	}
	return best
}

// fold drops what does not make a name different to a reader: ASCII case and
// underscores ("sendMessage" is "send_message").
func fold(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '_':
		case 'A' <= c && c <= 'Z':
			b = append(b, c+'a'-'A')
		default:
			b = append(b, c)
		}
	}
	return string(b)
}

// distance returns the edit distance of a and b, or limit where it is no
// less.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	// Three rows of the table of distances of prefixes.
	var rows [3][66]int
	prev2, prev, row := &rows[0], &rows[1], &rows[2]
	for j := 0; j <= len(b); j++ {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			d := prev[j-1]
			if a[i-1] != b[j-1] {
				d++
			}
			d = min(d, prev[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, prev2[j-2]+1)
			}
			row[j] = d
		}
		prev2, prev, row = prev, row, prev2
	}
	return min(prev[len(b)], limit)
}
