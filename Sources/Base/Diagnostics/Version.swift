/// The program's version, as `8cut --version` says it and the manifests record it.
package let programVersion = "0.1.0"
