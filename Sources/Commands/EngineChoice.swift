import ArgumentParser

/// Who makes the masks.
enum EngineChoice: String, ExpressibleByArgument, CaseIterable {
    /// The models as graphs of this program's own.
    case native
    /// The original design's Python script.
    case reference
}
