import ClipLibrary
import Observation

/// The labels that digits stand for.
@MainActor
@Observable
package final class ReviewLabels {
    /// A label with its category.
    package struct Choice: Sendable, Equatable {
        package let name: String
        package let category: String
    }

    /// The label of 1, of 2 and so on. Digits keep their labels while clips get others: a person learns
    /// them.
    package private(set) var choices: [Choice] = []

    /// One for each digit.
    private static let most = 9

    init() {}

    /// Takes the labels that most clips have.
    func read(from library: Library) async throws {
        let found = try await library.mostUsedLabels(Self.most)
        choices = found.map { Choice(name: $0.name, category: $0.category) }
    }

    /// The label of a digit.
    package func choice(_ digit: Int) -> Choice? {
        choices.indices.contains(digit - 1) ? choices[digit - 1] : nil
    }
}
