import Commands
import Glibc

exit(await EightCut.start())
