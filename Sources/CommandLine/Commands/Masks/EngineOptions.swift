import ArgumentParser

/// Who makes the masks.
struct EngineOptions: ParsableArguments {
    /// The engines.
    enum Engine: String, ExpressibleByArgument, CaseIterable {
        /// The models as graphs of this program's own.
        case native
        /// The original design's Python script.
        case reference
    }

    @Option(
        help: ArgumentHelp(
            "native, or the original design's Python script (reference), to compare with; that "
                + "needs 8cut tools install --reference.",
            valueName: "native|reference"
        )
    )
    var engine: Engine = .native

    /// Whether the script makes them.
    var isReference: Bool { engine == .reference }

    /// Refuses what the script does not have.
    ///
    /// - Parameter given: the options that were given and are the native engine's only.
    /// - Throws: `ValidationError` that names the first.
    func refuse(_ given: [String]) throws {
        guard isReference, let option = given.first else { return }
        throw ValidationError("\(option) goes with --engine native only.")
    }
}
