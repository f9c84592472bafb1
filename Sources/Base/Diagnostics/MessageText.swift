/// A text for people whose values are kept apart from its words, so that another program can show it
/// in another language.
///
/// A literal with values makes one: `"its sample rate is \(rate) Hz"` has the template
/// "its sample rate is %1 Hz". Text that is only known at run time is its own template.
package struct MessageText: Sendable, Hashable {
    package enum Value: Sendable, Hashable {
        /// A name or a number, the same in every language.
        case plain(String)
        /// A part with words of its own.
        case message(MessageText)

        fileprivate var english: String {
            switch self {
            case .plain(let text): text
            case .message(let text): text.english
            }
        }
    }

    /// The words, in English; `%1` to `%9` stand for the values, if there are any.
    package let template: String
    package let values: [Value]

    /// The most values that a template has places for.
    fileprivate static let mostValues = 9

    package init(template: String, values: [Value]) {
        (self.template, self.values) = (template, values)
    }

    /// A text that is only known now.
    package init(_ text: some StringProtocol) {
        (template, values) = (String(text), [])
    }

    /// The whole text in English.
    package var english: String {
        values.isEmpty ? template : Self.fill(template, values.map(\.english))
    }

    /// Puts values in the places of `%1`, `%2`, … of a template.
    package static func fill(_ template: String, _ values: [String]) -> String {
        replacing(template) { values.indices.contains($0 - 1) ? values[$0 - 1] : nil }
    }

    /// Replaces the places of a template, where there is something to replace them with.
    fileprivate static func replacing(_ template: String, with text: (Int) -> String?) -> String {
        var filled = ""
        var rest = template.unicodeScalars[...]
        while let mark = rest.firstIndex(of: "%") {  // text: scalars
            filled.unicodeScalars += rest[..<mark]
            let next = rest.index(after: mark)
            if next < rest.endIndex, let number = Int(String(rest[next])), let new = text(number) {
                filled += new
                rest = rest[rest.index(after: next)...]
            } else {
                filled += "%"
                rest = rest[next...]
            }
        }
        return filled + String(rest)
    }

    /// One text after the other.
    package static func + (one: MessageText, other: MessageText) -> MessageText {
        // A percent sign in a text without values is one, whatever follows it.
        let (first, second) = (one.joinable, other.joinable)
        guard first.values.count + second.values.count <= mostValues else {
            return MessageText(one.english + other.english)
        }
        let moved = replacing(second.template) { number in
            second.values.indices.contains(number - 1) ? "%\(number + first.values.count)" : nil
        }
        return MessageText(
            template: first.template + moved,
            values: first.values + second.values
        )
    }

    private var joinable: MessageText {
        guard values.isEmpty, Self.hasPlaces(template) else { return self }
        return MessageText(template: "%1", values: [.plain(template)])
    }

    private static func hasPlaces(_ text: String) -> Bool {
        var found = false
        _ = replacing(text) { _ in
            found = true
            return nil
        }
        return found
    }
}

extension MessageText: ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) { self.init(text) }

    package init(stringInterpolation text: Interpolation) {
        if text.template == "%1", case .message(let only) = text.values.first {
            self = only
        } else if text.template == "%1" || text.values.count > Self.mostValues {
            self.init(text.values.isEmpty ? text.template : text.english)
        } else {
            self.init(template: text.template, values: text.values)
        }
    }

    package struct Interpolation: StringInterpolationProtocol {
        fileprivate var template = ""
        fileprivate var values: [Value] = []
        fileprivate var english = ""

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ text: String) {
            template += text
            english += text
        }

        package mutating func appendInterpolation(_ value: some Any) {
            append(.plain("\(value)"))
        }

        package mutating func appendInterpolation(_ text: MessageText) {
            append(.message(text))
        }

        private mutating func append(_ value: Value) {
            values.append(value)
            template += "%\(values.count)"
            english += value.english
        }
    }
}

/// As JSON: the words alone, or an object of the words and an array of the values.
extension MessageText: Codable {
    private enum Key: String, CodingKey { case text, values }

    package init(from decoder: any Decoder) throws {
        let keyed = try decoder.container(keyedBy: Key.self)
        template = try keyed.decode(String.self, forKey: .text)
        values = try keyed.decodeIfPresent([Value].self, forKey: .values) ?? []
    }

    package func encode(to encoder: any Encoder) throws {
        var keyed = encoder.container(keyedBy: Key.self)
        try keyed.encode(template, forKey: .text)
        if !values.isEmpty { try keyed.encode(values, forKey: .values) }
    }
}

/// A string for a plain value, an object for another text.
extension MessageText.Value: Codable {
    package init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        if let text = try? single.decode(String.self) {
            self = .plain(text)
        } else {
            self = .message(try MessageText(from: decoder))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .plain(let text):
            var single = encoder.singleValueContainer()
            try single.encode(text)
        case .message(let text): try text.encode(to: encoder)
        }
    }
}

/// A text that can be part of a message: a `String`, or one that can be translated.
package protocol MessageConvertible: Sendable {
    var messageText: MessageText { get }
}

extension MessageText: MessageConvertible {
    package var messageText: MessageText { self }
}

extension String: MessageConvertible {
    package var messageText: MessageText { MessageText(self) }
}
