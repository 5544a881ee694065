// Package real has the real functions of Lua's math library and its operator ^,
// within one unit in the last place of the C library's over the whole range. Input
// and output: float64s.
//
// Package math rounds at every step, and is off by a few units in many places and by
// all digits in some: logarithms of subnormal numbers, sines near multiples of pi,
// arc cosines near 1, hyperbolic functions near the end of the range. Here the leading
// terms are computed in twice the precision (pair), from tables and short series,
// and what is returned is off by about 0.51 units, as are the functions of the C
// library. The tables are made when first used, in 0.1 ms.
//
// It must not know Lua: what values are, and which errors there are.
package real
