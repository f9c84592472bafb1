import CGtk
import SystemPackage

/// What the user opens, drops or chooses.
package struct GivenFiles: Sendable {
    /// Files with a path, whose bytes are those on the disk.
    package private(set) var paths: [FilePath] = []
    /// The addresses of files that have no path here, such as "http://…".
    package private(set) var addresses: [String] = []

    package init() {}

    /// - Parameter file: a GFile.
    mutating func add(_ file: OpaquePointer?) {
        guard let file else { return }
        if let path = g_file_peek_path(file) {
            paths.append(FilePath(platformString: path))
        } else if let address = g_file_get_uri(file) {
            defer { g_free(address) }
            addresses.append(String(cString: address))
        }
    }
}
