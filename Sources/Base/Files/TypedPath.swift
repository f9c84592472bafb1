import Diagnostics
import Glibc
import SystemPackage

/// The path of a file as a person, a spreadsheet or another program has written it.
package struct TypedPath: Sendable {
    /// The file: the path as it is written if it exists, else what was meant by it.
    package let path: FilePath

    /// - Parameters:
    ///   - text: a path; also `~/…`, a `file:` URL, or one with backslashes, and with letters that
    ///     are composed differently from those on the disk.
    ///   - folder: what a relative path is relative to; absolute.
    package init(_ text: String, in folder: FilePath) {
        let literal = folder.pushing(FilePath(text))
        let forms = [literal] + Self.otherForms(text).map { folder.pushing(FilePath($0)) }
        path =
            forms.first(where: Self.exists)
            ?? forms.lazy.compactMap(Self.sameName).first
            ?? literal
    }

    private static func otherForms(_ text: String) -> [String] {
        if let rest = text.removing(prefix: "file://") {
            // What is between the slashes is the host.
            let path = rest.divided(atFirst: "/").map { "/" + $0.1 } ?? String(rest)
            return [Self.decoded(path)].compactMap(\.self)
        }
        if let rest = text.removing(prefix: "~/") {
            return [EightCutHome.userHome.appending(String(rest)).string]
        }
        return text.utf8.contains(UInt8(ascii: "\\"))
            ? [text.replacing(exactly: "\\", with: "/")] : []
    }

    /// A text whose `%` and two digits are bytes; nil when those are no path.
    private static func decoded(_ text: String) -> String? {
        var (bytes, rest) = ([UInt8](), Array(text.utf8)[...])
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(digits, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }

    private static func exists(_ path: FilePath) -> Bool {
        var info = stat()
        return path.withPlatformString { stat($0, &info) } == 0
    }

    /// A file whose name is equal but for the form of its letters: "é" as one scalar or as two.
    ///
    /// - Returns: nil when there is none, or more than one.
    private static func sameName(as path: FilePath) -> FilePath? {
        guard !path.string.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        var found = FilePath("/")
        for name in path.lexicallyNormalized().components {
            let next = found.appending(name)
            if exists(next) {
                found = next
                continue
            }
            let names = (try? Folder.names(in: found)) ?? []
            // Swift's equality is canonical equivalence.
            let equal = names.filter { $0 == name.string }
            guard equal.count == 1 else { return nil }
            found.append(equal[0])
        }
        return found
    }
}
