import Files
import Imaging
import MaskStore
import SystemPackage

/// A folder of masks as its readers see it.
package struct MaskSet {
    /// Names of the masks, sorted.
    package let names: [String]
    /// The manifest.
    package let manifest: MaskManifest
    private let folder: FilePath

    /// Reads what is there.
    package init(_ folder: FilePath) throws {
        self.folder = folder
        names = try Folder.names(in: folder).filter { $0.hasPrefix("frame_") }
        manifest = try MaskManifest(readingFrom: folder.appending(MaskManifest.fileName))
    }

    /// Reads one mask.
    package subscript(_ index: Int) -> GrayImage {
        get throws { try PNG.readGray(folder.appending(names[index])) }
    }

    /// Everything in a folder and the folders below it: relative path and content.
    package static func content(of folder: FilePath) throws -> [String: [UInt8]] {
        var content: [String: [UInt8]] = [:]
        for name in try Folder.names(in: folder) {
            let path = folder.appending(name)
            if try Folder.kind(of: path) == .folder {
                for (inner, bytes) in try Self.content(of: path) {
                    content[name + "/" + inner] = bytes
                }
            } else {
                content[name] = try bytes(of: path)
            }
        }
        return content
    }

    /// The bytes of a file.
    package static func bytes(of path: FilePath) throws -> [UInt8] {
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter { () throws -> [UInt8] in
            let size = Int(try file.seek(offset: 0, from: .end))
            var bytes = [UInt8](repeating: 0, count: size)
            _ = try bytes.withUnsafeMutableBytes { buffer in
                try file.read(fromAbsoluteOffset: 0, into: buffer)
            }
            return bytes
        }
    }
}
