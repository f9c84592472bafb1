import CIntl
import Glibc

/// The strings of the desktop app in the user's language, through gettext.
package enum Localization {
    /// The name of the app's catalogue of messages.
    package static let domain = "8cut"

    /// Takes the language from the environment and the catalogues from a folder.
    ///
    /// - Parameter folder: a folder like `/usr/share/locale`.
    package static func start(catalogues folder: String) {
        setlocale(LC_ALL, "")
        // Player and files want points in numbers, whatever the language is.
        setlocale(LC_NUMERIC, "C")
        bindtextdomain(domain, folder)
        bind_textdomain_codeset(domain, "UTF-8")
        textdomain(domain)
    }

    /// Puts values in the places of `%1`, `%2`, … of a text.
    package static func fill(_ text: String, _ values: [String]) -> String {
        var filled = ""
        var rest = text.unicodeScalars[...]
        while let mark = rest.firstIndex(of: "%") {  // text: scalars
            filled.unicodeScalars += rest[..<mark]
            let next = rest.index(after: mark)
            if next < rest.endIndex, let number = Int(String(rest[next])),
                values.indices.contains(number - 1)
            {
                filled += values[number - 1]
                rest = rest[rest.index(after: next)...]
            } else {
                filled += "%"
                rest = rest[next...]
            }
        }
        return filled + String(rest)
    }
}

/// A text in the user's language.
///
/// - Parameters:
///   - text: the text in English; `%1` to `%9` stand for values.
///   - values: what is put in their places.
/// - Returns: the translation, or the text itself where there is none.
package func localized(_ text: String, _ values: String...) -> String {
    // Without a translation the answer is the very bytes of the question.
    let translation = text.withCString { text in
        dgettext(Localization.domain, text).map { String(cString: $0) } ?? String(cString: text)
    }
    return values.isEmpty ? translation : Localization.fill(translation, values)
}

/// A text that depends on a number, which is its first value.
///
/// - Parameters:
///   - one: the text for one thing, in English.
///   - many: the text for other numbers of things.
///   - count: how many there are; `%1` in the text.
///   - values: further values: `%2` and so on.
/// - Returns: the translation.
package func pluralized(
    _ one: String,
    _ many: String,
    _ count: Int,
    _ values: String...
) -> String {
    let number = UInt(clamping: abs(count))
    let text = one.withCString { one in
        many.withCString { many in
            dngettext(Localization.domain, one, many, number).map { String(cString: $0) }
        }
    }
    return Localization.fill(text ?? many, [String(count)] + values)
}
