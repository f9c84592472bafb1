/// Why a consumer would reject or misread a clip, in its terms.
package struct Rejection: Sendable, Equatable, Codable {
    /// What it is about, for programs.
    package enum Rule: String, Sendable, Codable {
        case frames, samples, rate, size, label, name, masks, file, source, table
    }

    package let rule: Rule
    /// As a clause: "it has no audio".
    package let why: String
    /// What the user can do, as a sentence with a command; nil where there is nothing.
    package var remedy: String?

    package init(_ rule: Rule, _ why: String, remedy: String? = nil) {
        self.rule = rule
        self.why = why
        self.remedy = remedy
    }
}

extension [Rejection] {
    /// All reasons, and what to do about them.
    package var sentence: String {
        let remedies = compactMap(\.remedy)
        let unique = remedies.enumerated().filter { !remedies[..<$0.offset].contains($0.element) }
        return ([map(\.why).joined(separator: "; ") + "."] + unique.map(\.element))
            .joined(separator: " ")
    }
}
