import ArgumentParser

/// Which implementation generates the masks.
struct EngineOptions: ParsableArguments {
    enum Engine: String, ExpressibleByArgument, CaseIterable {
        /// The models as graphs of this program.
        case native
        /// The Python script of the reference implementation.
        case reference
    }

    @Option(
        help: ArgumentHelp(
            "The native engine, or for comparison the reference implementation (Python), which "
                + "needs 8cut tools install --reference.",
            valueName: "engine"
        )
    )
    var engine: Engine = .native

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
