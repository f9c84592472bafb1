import Diagnostics
import Files
import SystemPackage
import Weights

/// What `--model` means: the name of a checkpoint, or a folder that holds one.
package enum CheckpointFolder {
    /// Finds the folder with `config.json` and the weights. Uses no network.
    ///
    /// - Parameters:
    ///   - text: a name of the catalogue, or a path. `./` before it makes a path of a name.
    ///   - kinds: what the checkpoint may be for; a folder does not say it.
    ///   - settings: where the cache is.
    ///   - home: where the records are.
    /// - Returns: the folder, from the root.
    /// - Throws: `EightCutError`: `usage` when it is neither, or a checkpoint for something else,
    ///   `inputMissing` when the checkpoint is not downloaded, `inputUnusable` when the folder does
    ///   not hold one.
    package static func find(
        _ text: String,
        of kinds: Set<CheckpointKind>,
        settings: HubSettings,
        home: EightCutHome
    ) throws -> FilePath {
        if let checkpoint = CheckpointCatalogue.all.first(where: { $0.name == text }) {
            guard kinds.contains(checkpoint.kind) else { throw other(checkpoint, than: kinds) }
            return try find(checkpoint, settings: settings, home: home)
        }
        let folder = FilePath(text).absolute
        switch try? Folder.kind(of: folder) {
        case .folder: break
        case .missing where !text.contains(exactly: "/"): _ = try CheckpointCatalogue.named(text)
        case .missing, nil:
            throw EightCutError(
                .inputMissing,
                "cannot open the model",
                on: folder.string,
                because: "there is no such folder",
                remedy: "Give a folder with config.json and model.safetensors, or a name from "
                    + "8cut models list."
            )
        case .file, .other: throw unusable(folder, "it is a file, not a folder")
        }
        let kind = kinds.count == 1 ? kinds.first : nil
        if let problem = CheckpointFiles.problem(in: folder, of: kind) {
            throw unusable(folder, problem, of: kind)
        }
        return folder
    }

    /// Finds the folder of a checkpoint. Uses no network.
    ///
    /// - Throws: `EightCutError` with code `inputMissing` when it is not there, or not all of it.
    package static func find(
        _ checkpoint: Checkpoint,
        settings: HubSettings,
        home: EightCutHome
    ) throws -> FilePath {
        let why: String
        switch InstalledCheckpoint(checkpoint, settings: settings, home: home).state {
        case .complete(let folder): return folder
        case .incomplete: why = "only a part of it is downloaded"
        case .missing: why = "it is not downloaded"
        }
        let flag =
            AcceptedLicences(home).allow(checkpoint)
            ? "" : " --accept-license (\(checkpoint.licence.rawValue): not for commercial use)"
        throw EightCutError(
            .inputMissing,
            "cannot open the model",
            on: checkpoint.name,
            because: why,
            remedy: "Run: 8cut models download \(checkpoint.name)\(flag)"
        )
    }

    private static func other(
        _ checkpoint: Checkpoint,
        than kinds: Set<CheckpointKind>
    ) -> EightCutError {
        let names = CheckpointCatalogue.names(of: kinds)
        return EightCutError(
            .usage,
            "cannot use the model",
            on: checkpoint.name,
            because: "it is \(checkpoint.kind.noun), which is not what is needed here",
            remedy: "Choose one of \(names.joined(separator: ", "))."
        )
    }

    private static func unusable(
        _ folder: FilePath,
        _ why: String,
        of kind: CheckpointKind? = nil
    ) -> EightCutError {
        EightCutError(
            .inputUnusable,
            "cannot use the model",
            on: folder.string,
            because: why,
            remedy: kind?.weightsFile.map { "A model of this kind is a folder with \($0)." }
                ?? (kind == .detector
                    ? "A detector is a folder with config.json, model.safetensors, vocab.json and "
                        + "merges.txt. Is this one of another model?"
                    : "A model is a folder with config.json and model.safetensors, as "
                        + "save_pretrained writes it.")
        )
    }
}

/// Tells one checkpoint from another, whatever its folder is called.
package enum CheckpointIdentity {
    /// A digest of a checkpoint's settings and weights: of names, sizes, and the ends of the files.
    ///
    /// - Parameter folder: the checkpoint's folder.
    /// - Returns: 16 hex digits.
    /// - Throws: `EightCutError` when a file cannot be read.
    package static func of(_ folder: FilePath) throws -> String {
        let settings =
            [CheckpointFiles.config] + CheckpointFiles.optional + CheckpointFiles.vocabulary
            + CheckpointFiles.tokenizer
            + [
                CheckpointFiles.sileroWeights, CheckpointFiles.fireRedWeights,
                CheckpointFiles.transNetWeights,
            ]
        let digest = Digest()
        for name in try Folder.names(in: folder)
        where settings.contains(name) || name.hasSuffix(exactly: ".safetensors") {
            let file = try FileFingerprint(of: folder.appending(name))
            let line = "\(name) \(file.bytes) \(file.headAndTailSHA256)\n"
            Array(line.utf8).withUnsafeBytes { digest.update($0) }
        }
        return String(digest.finish().prefix(16))
    }
}
