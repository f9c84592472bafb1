import ClipExport
import ClipLibrary
import DatasetExport
import DatasetProfiles
import Diagnostics
import Files
import MaskStore
import Media
import SystemPackage

/// Looks at the files of a clip of another program.
struct ClipInspection: Sendable {
    let library: Library?
    /// Where relative paths begin; nil for the folder of each clip.
    let folder: FilePath?

    /// Why a clip cannot be imported.
    private struct Fault: Error { let why: String }

    /// - Returns: what becomes of it.
    /// - Throws: `EightCutError` when the library cannot be read or ffprobe not be run;
    ///   `CancellationError`.
    func inspect(_ clip: ForeignClip) async throws -> ImportRow {
        func row(_ path: String, _ outcome: ImportRow.Outcome) -> ImportRow {
            ImportRow(place: clip.place, path: path, outcome: outcome)
        }
        let path: FilePath
        do throws(Fault) {
            path = try self.path(clip)
        } catch {
            return row(clip.path, .rejected(error.why))
        }
        if try await library?.clip(at: path.string) != nil { return row(path.string, .known) }
        do {
            let (imported, note) = try await read(clip, path)
            return row(path.string, .accepted(imported, note: note))
        } catch let fault as Fault {
            return row(path.string, .rejected(fault.why))
        } catch let error as EightCutError
            where [.inputMissing, .inputUnusable].contains(error.code)
        {
            return row(path.string, .rejected(error.why))
        }
    }

    /// The file of a clip, with a name that a clip of the library can have.
    private func path(_ clip: ForeignClip) throws(Fault) -> FilePath {
        guard !clip.path.isEmpty, !clip.path.utf8.contains(0) else {
            throw Fault(why: "the list has no path for it")
        }
        var path = (folder ?? "/").pushing(FilePath(clip.path))
        // Some lists have the names without their ending.
        let named = FilePath(path.string + ".mp4")
        if kind(path) != .file, kind(named) == .file { path = named }
        path = LibraryPath.plainFile(path)
        switch kind(path) {
        case .file: break
        case .missing: throw Fault(why: "there is no such file")
        case .folder: throw Fault(why: "it is a folder of images, not a video")
        case .other: throw Fault(why: "it is no file")
        }
        let name = path.lastComponent?.string ?? ""
        guard LibraryPath.place(path.string) != nil, ClipName.isVideo(name) else {
            throw Fault(why: "a clip in the library is an .mp4 or .mkv file")
        }
        guard ClipName.isOfClip(name) else {
            throw Fault(why: "a clip in the library needs a name such as NAME_001.mp4: rename it")
        }
        return path
    }

    private func kind(_ path: FilePath) -> Folder.Kind { (try? Folder.kind(of: path)) ?? .missing }

    private func read(
        _ clip: ForeignClip,
        _ path: FilePath
    ) async throws -> (ImportedClip, note: String?) {
        let start = clip.source == nil ? 0 : clip.start ?? 0
        guard start.isFinite, (0...Self.mostSeconds).contains(start) else {
            throw Fault(why: "its start is no time")
        }
        let (label, category) = (try text(clip.label), try text(clip.category))
        let file = try FileFingerprint(of: path)
        let facts = try await ClipProbe.facts(of: path)
        let source = try source(clip, path, file)
        let info = ClipInfo(
            path: path.string,
            label: label,
            category: category,
            start: Int((start * 1e9).rounded()),
            duration: facts.duration,
            frameCount: facts.frameCount,
            frameRate: facts.frameRate.description,
            width: facts.width,
            height: facts.height,
            sampleRate: facts.audio?.sampleRate,
            sampleCount: facts.audio?.sampleCount,
            settings: try JSONText.line(settings(clip, facts))
        )
        let imported = ImportedClip(
            info: info,
            file: file,
            source: source.path,
            sourceContent: source.content,
            masks: masks(clip, path, file, facts)
        )
        return (imported, source.note)
    }

    /// Three years.
    private static let mostSeconds = 100_000_000.0

    private func text(_ text: String?) throws -> String? {
        guard let text = text.map({ String($0.trimmed) }), !text.isEmpty else { return nil }
        guard !text.utf8.contains(0), text.utf8.count < 1 << 16 else {
            throw Fault(why: "its label cannot be one of the library")
        }
        return text
    }

    /// The video of a clip; the clip itself, where the list has none.
    private func source(
        _ clip: ForeignClip,
        _ path: FilePath,
        _ file: FileFingerprint
    ) throws -> (path: FilePath, content: FileFingerprint, note: String?) {
        guard let name = clip.source, !name.isEmpty, !name.utf8.contains(0) else {
            return (path, file, "its video is not known: it cannot be cut again")
        }
        let base = folder ?? path.removingLastComponent()
        let source = LibraryPath.plainFile(base.pushing(FilePath(name)))
        if let content = try? FileFingerprint(of: source) { return (source, content, nil) }
        // It has no content, but clips of one video stay together by its path.
        let digest = Digest()
        var text = "missing " + source.string
        text.withUTF8 { digest.update(UnsafeRawBufferPointer($0)) }
        let content = FileFingerprint(bytes: 0, modified: 0, headAndTailSHA256: digest.finish())
        let note = "its video \(quoted(source.string)) is gone: it cannot be cut again"
        return (source, content, note)
    }

    /// How the clip would be cut again.
    private func settings(_ clip: ForeignClip, _ facts: ClipFacts) -> CutSettings {
        var settings = CutSettings()
        let milliseconds = clip.duration.flatMap { Int(exactly: ($0 * 1000).rounded()) } ?? 0
        let length = Rational(
            facts.frameCount * facts.frameRate.denominator,
            facts.frameRate.numerator
        )
        if (1...1_000_000_000).contains(milliseconds) {
            settings.duration = Rational(milliseconds, 1000) ?? settings.duration
        } else {
            settings.duration = length ?? settings.duration
        }
        let sides = (clip.crop ?? "").split(exactly: ":").compactMap { Int($0) }
        if sides.count == 2, sides.allSatisfy({ (1...1000).contains($0) }) {
            settings.crop = Rational(sides[0], sides[1])
            settings.cropCenter = min(1, max(0, clip.cropCenter ?? 0.5))
        }
        if let side = clip.shortSide, side >= 16, side <= min(facts.width, facts.height) {
            settings.shortSide = side
        }
        if facts.audio == nil { settings.audio = .none }
        return settings
    }

    /// Masks of the list, where a manifest says that they were made for this very file.
    private func masks(
        _ clip: ForeignClip,
        _ path: FilePath,
        _ file: FileFingerprint,
        _ facts: ClipFacts
    ) -> [ImportedMasks] {
        clip.masks.compactMap { name in
            guard !name.isEmpty, !name.utf8.contains(0) else { return nil }
            let base = folder ?? path.removingLastComponent()
            let masks = LibraryPath.plainFile(base.pushing(FilePath(name)))
            guard let manifest = (try? MaskManifest(foundIn: masks)) ?? nil, manifest.complete,
                manifest.frameCount == facts.frameCount,
                manifest.input.file.hasSameContent(as: file)
            else { return nil }
            return ImportedMasks(
                folder: masks,
                method: manifest.method.name,
                settings: (try? JSONText.line(manifest.method.settings)) ?? "{}",
                frameCount: manifest.frameCount,
                confidence: manifest.confidence,
                score: manifest.score
            )
        }
    }
}
