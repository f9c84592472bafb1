import ArgumentParser
import BatchList
import Diagnostics
import Files
import Methods

/// The settings of a list's rows, with all that another machine could choose otherwise: the device,
/// the precision, the checkpoint, the revision of the method.
struct PinnedMethod {
    let settings: [String: JSONScalar]
    let pins: BatchRow.Pins

    /// - Parameters:
    ///   - method: of all rows.
    ///   - settings: that were chosen.
    ///   - hasPrompts: whether rows have prompts files.
    ///   - log: receives what was chosen here.
    /// - Throws: `EightCutError` when there is no default checkpoint.
    init(
        _ method: BatchMethod,
        _ settings: [String: JSONScalar],
        hasPrompts: Bool,
        _ log: Log
    ) throws {
        var settings = settings
        let revision = Self.revision(method, settings, hasPrompts: hasPrompts)
        guard method.usesModel else {
            self.settings = settings
            pins = BatchRow.Pins(revision: revision)
            return
        }
        let device = settings.removeValue(forKey: "device")?.description
        let precision = settings.removeValue(forKey: "precision")?.description
        pins = BatchRow.Pins(
            device: device ?? "cpu",
            precision: precision ?? "fp32",
            revision: revision
        )
        if device == nil {
            log.note("using the CPU on all machines; add --set device=cuda for GPUs")
        }
        if settings["model"] == nil {
            let isOnCPU = (device ?? "cpu").isExactly("cpu")
            let name =
                try method == .sam
                ? SamModels.defaultName(onCPU: isOnCPU, log)
                : DepthModels.defaultName(onCPU: isOnCPU, log)
            settings["model"] = .text(name)
        }
        if method == .sam, settings["text"] != nil, settings["text-model"] == nil {
            let isOnCPU = (device ?? "cpu").isExactly("cpu")
            settings["text-model"] = .text(try DetectorModels.defaultName(onCPU: isOnCPU, log))
        }
        self.settings = settings
    }

    /// The revision that masks are made with here.
    private static func revision(
        _ method: BatchMethod,
        _ settings: [String: JSONScalar],
        hasPrompts: Bool
    ) -> String? {
        let points = ["point", "box", "mask"].contains { settings[$0] != nil }
        return MethodRevision.of(
            method.rawValue,
            usesMotion: settings["object"] == .text("moving"),
            findsObject: method == .sam && !hasPrompts && !points && settings["text"] == nil,
            findsTexts: method == .sam && settings["text"] != nil
        )
    }

    /// Makes sure that this program makes the masks that a row was planned for.
    ///
    /// - Throws: `EightCutError` (`inputUnusable`) when its method has another revision.
    static func requireRevision(of row: BatchRow) throws {
        guard let wanted = row.pins.revision else { return }
        let own = revision(row.method, row.settings, hasPrompts: row.hasPrompts)
        guard let own, !own.isExactly(wanted) else { return }
        throw EightCutError(
            .inputUnusable,
            "cannot make the masks of row",
            on: row.id,
            because: "it was planned for revision \(wanted) of \(row.method.rawValue), and this "
                + "program has \(own)",
            remedy: "Run the 8cut that has planned the list, or plan it again with this one."
        )
    }

    /// Makes sure that a method has these settings.
    ///
    /// - Throws: `ValidationError`.
    static func check(_ settings: [String: JSONScalar], of method: BatchMethod) throws {
        if method.usesModel, settings["device"] == .text("auto") {
            throw ValidationError(
                "--set device=auto may be another device on each machine: choose cpu or cuda."
            )
        }
        do {
            _ = try RowOptions.parse(settings, of: method)
        } catch {
            throw ValidationError("--set: \(error.message)")
        }
    }
}

extension BatchMethod {
    /// Whether it runs a network.
    var usesModel: Bool { self != .saliency }
}
