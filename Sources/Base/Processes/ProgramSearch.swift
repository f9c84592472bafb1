import Diagnostics
import Glibc
import SystemPackage

/// Where programs are looked for.
package enum ProgramSearch {
    /// The folders in PATH, but for relative ones: no program of the working folder is run.
    package static var folders: [FilePath] {
        guard let text = getenv("PATH") else { return [] }
        let bytes = UnsafeBufferPointer(start: text, count: strlen(text))
        return bytes.split(separator: CChar(UInt8(ascii: ":")))
            .map { FilePath(platformString: Array($0) + [0]) }
            .filter(\.isAbsolute)
    }

    /// The first program of that name in `PATH`; nil when there is none.
    package static func find(_ name: FilePath.Component) -> FilePath? {
        folders.lazy.map { $0.appending(name) }.first(where: isProgram)
    }

    /// Whether a path leads to a file that this user may run.
    package static func isProgram(_ path: FilePath) -> Bool {
        var info = stat()
        return path.withPlatformString { stat($0, &info) == 0 && access($0, X_OK) == 0 }
            && info.st_mode & S_IFMT == S_IFREG
    }

    /// The file of the running program, without links; nil where the system does not say it.
    package static let runningProgram = real("/proc/self/exe")

    /// A path without links; nil where there is nothing.
    package static func real(_ path: FilePath) -> FilePath? {
        guard let text = path.withPlatformString({ realpath($0, nil) }) else { return nil }
        defer { free(text) }
        return FilePath(platformString: text)
    }
}
