import CEmptyICUData
import CMalloc
import Commands
import Glibc

// One heap for all threads: what one of them frees serves the others, so that memory does not grow with
// the length of the video. It costs no time (Benchmarks/README.md).
_ = mallopt(M_ARENA_MAX, 1)

exit(await EightCut.start())
