import Diagnostics
import SystemPackage

/// Where a row reads or writes: a file or folder of this machine, or an object of a store.
package struct BatchPlace: Sendable, Equatable {
    package enum Location: Sendable, Equatable {
        /// An absolute path without `.` and `..`.
        case file(FilePath)
        /// `s3://bucket/key`.
        case object(String)
    }

    /// As the list has it.
    package let written: String
    package let location: Location

    /// Why a text names no place, as a clause, and what to write.
    package struct Fault: Error, Sendable, Equatable {
        package let why: String
        package let remedy: String
    }

    /// - Parameters:
    ///   - text: a path, or the address of an object. The disk is not looked at.
    ///   - folder: what a relative path is relative to; absolute.
    /// - Throws: `Fault`.
    package init(_ text: String, in folder: FilePath) throws(Fault) {
        written = text
        guard !text.isEmpty else {
            throw Fault(why: "is empty", remedy: "Write a path, or leave the field out.")
        }
        // A path ends at the first zero byte: it would be another one.
        guard !text.utf8.contains(0) else {
            throw Fault(why: "has a zero character", remedy: "Take it out.")
        }
        guard let scheme = Self.scheme(of: text) else {
            location = .file(folder.pushing(FilePath(text)).lexicallyNormalized())
            return
        }
        guard scheme.isExactly("s3") else {
            throw Fault(
                why: "is an address of a kind that is not read: \(quoted(text))",
                remedy: "Write a path, or s3://bucket/key."
            )
        }
        let object = text.removing(prefix: "s3://")?.divided(atFirst: "/")
        guard let object, !object.0.isEmpty, !object.1.isEmpty else {
            throw Fault(
                why: "names no object: \(quoted(text))",
                remedy: "Write s3://bucket/key."
            )
        }
        location = .object(text)
    }

    /// A file or folder, whose path is written as it is.
    ///
    /// - Parameter path: absolute.
    package init(_ path: FilePath) {
        written = path.string
        location = .file(path.lexicallyNormalized())
    }

    /// A copy on this machine of what is elsewhere.
    ///
    /// - Parameters:
    ///   - written: what the list names.
    ///   - path: the copy; absolute.
    package init(written: String, path: FilePath) {
        self.written = written
        location = .file(path)
    }

    /// The path of a file or folder; nil for an object.
    package var path: FilePath? {
        guard case .file(let path) = location else { return nil }
        return path
    }

    /// The path or the address.
    package var name: String {
        switch location {
        case .file(let path): path.string
        case .object(let address): address
        }
    }

    /// The letters before `://`.
    private static func scheme(of text: String) -> Substring? {
        guard let end = text.firstRange(exactly: "://") else { return nil }
        let scheme = text[..<end.lowerBound]
        let isWord = scheme.utf8.allSatisfy { (0x61...0x7a).contains($0 | 0x20) || $0 == 0x33 }
        return scheme.isEmpty || !isWord ? nil : scheme
    }
}
