import ClipLibrary
import Diagnostics
import Glibc

/// The name of a person who judges masks.
package struct Reviewer: Sendable, Hashable {
    package let name: String

    /// - Parameter name: as it was typed.
    /// - Throws: `EightCutError` when it is empty, too long, or no line of text.
    package init(_ name: String) throws {
        let name = String(name.trimmed)
        guard !name.isEmpty, name.utf8.count <= ClipVerdict.mostNameBytes,
            name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else {
            throw EightCutError(
                .usage,
                "cannot use the name of the reviewer",
                because: "\(quoted(name)) is not one line of 1 to "
                    + "\(ClipVerdict.mostNameBytes) bytes",
                remedy: "Give another name with --reviewer."
            )
        }
        self.name = name
    }

    /// The person who is logged in.
    package static var current: Reviewer {
        let login = getpwuid(getuid()).flatMap { $0.pointee.pw_name }.map { String(cString: $0) }
        // Not every user of a container has a name.
        return (try? login.map { try Reviewer($0) }) ?? Reviewer(known: "user \(getuid())")
    }

    private init(known name: String) { self.name = name }
}
