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
