import Media
import Progress
import Synchronization

/// Tells of interlaced sources, of each once.
final class FieldNotes: Sendable {
    private let said = Mutex<Set<String>>([])
    private let reporter: any ProgressReporter

    init(_ reporter: any ProgressReporter) {
        self.reporter = reporter
    }

    /// Reports what was seen in the source of a clip.
    ///
    /// - Throws: what the reporter throws.
    func report(_ result: CutResult) throws {
        let source = result.plan.source
        guard let note = result.fields.note(source.video, of: source.path) else { return }
        if said.withLock({ $0.insert(note).inserted }) { try reporter.warn("interlaced", note) }
    }
}
