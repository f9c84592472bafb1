import Diagnostics

/// The few elements that matter of a store's answers, which are flat XML.
package struct StoreXML: Sendable {
    private let text: Substring

    package init(_ bytes: [UInt8]) {
        text = String(decoding: bytes, as: UTF8.self)[...]
    }

    private init(_ text: Substring) {
        self.text = text
    }

    /// The text of the first element of a name; nil where there is none.
    package func first(_ name: String) -> String? {
        var rest = text.startIndex
        return next(name, from: &rest).flatMap { Self.decoded($0) }
    }

    /// All elements of a name.
    package func all(_ name: String) -> [StoreXML] {
        var (elements, rest) = ([StoreXML](), text.startIndex)
        while let element = next(name, from: &rest) { elements.append(StoreXML(element)) }
        return elements
    }

    private func next(_ name: String, from rest: inout String.Index) -> Substring? {
        guard let start = text.firstRange(exactly: "<\(name)>", from: rest),
            let end = text.firstRange(exactly: "</\(name)>", from: start.upperBound)
        else { return nil }
        rest = end.upperBound
        return text[start.upperBound..<end.lowerBound]
    }

    private static let entities = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]

    /// A text without references; nil when one is not valid.
    private static func decoded(_ text: Substring) -> String? {
        var (decoded, rest) = ("", text)
        while let (before, after) = rest.divided(atFirst: "&") {
            guard let (reference, next) = after.divided(atFirst: ";") else { return nil }
            decoded.unicodeScalars.append(contentsOf: before.unicodeScalars)
            if let entity = entities[String(reference)] {
                decoded.unicodeScalars.append(contentsOf: entity.unicodeScalars)
            } else {
                let number =
                    reference.removing(prefix: "#x").map { UInt32($0, radix: 16) }
                    ?? reference.removing(prefix: "#").map { UInt32($0) }
                guard let scalar = number.flatMap({ $0 }).flatMap(Unicode.Scalar.init) else {
                    return nil
                }
                decoded.unicodeScalars.append(scalar)
            }
            rest = next
        }
        decoded.unicodeScalars.append(contentsOf: rest.unicodeScalars)
        return decoded
    }
}
