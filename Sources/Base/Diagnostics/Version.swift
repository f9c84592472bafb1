/// The program's version, which `8cut --version` prints and manifests record.
package let programVersion = "0.1.0"

/// The address at which users report mistakes of the program; empty while there is none.
package let issueTracker = ""
