import Diagnostics
import SystemPackage

/// One file of weights, in memory where it lies.
package struct WeightsFile: Sendable {
    let path: FilePath
    let header: WeightsHeader
    let memory: MappedFile

    /// Opens a file and checks all that can be checked without reading the numbers.
    ///
    /// - Throws: `Errno` when it cannot be opened, `HeaderError` when it makes no sense.
    package init(_ path: FilePath) throws {
        self.path = path
        memory = try MappedFile(path)
        header = try WeightsHeader(memory.bytes)
    }

    /// What is wrong with a file, as the rest of a sentence about it; nil when nothing is.
    package static func problem(_ path: FilePath) -> String? {
        do {
            _ = try WeightsFile(path)
            return nil
        } catch let flaw as HeaderError {
            return flaw.clause
        } catch Errno.noSuchFileOrDirectory {
            return "is missing"
        } catch {
            return "cannot be read (\(error))"
        }
    }

    /// Opens a file of a checkpoint.
    ///
    /// - Throws: `EightCutError`: `inputMissing` when it cannot be opened, `inputUnusable` when
    ///   it makes no sense.
    static func open(_ path: FilePath) throws -> WeightsFile {
        do {
            return try WeightsFile(path)
        } catch let error as Errno {
            throw unusableWeights(
                path,
                error == .noSuchFileOrDirectory ? "it is missing" : "\(error)",
                code: .inputMissing
            )
        } catch let flaw as HeaderError {
            throw unusableWeights(path, "it " + flaw.clause)
        }
    }

    /// One of its tensors.
    func tensor(_ entry: WeightsHeader.Entry) -> StoredTensor {
        StoredTensor(
            key: entry.key,
            type: entry.type,
            shape: entry.shape,
            bytes: UnsafeRawBufferPointer(rebasing: memory.bytes[entry.range]),
            owner: memory
        )
    }
}

/// Weights that cannot be used, and what to do about it.
func unusableWeights(
    _ path: FilePath,
    _ why: String,
    code: ErrorCode = .inputUnusable
) -> EightCutError {
    EightCutError(
        code,
        "cannot use the weights",
        on: path.string,
        because: why,
        remedy: "Download the checkpoint again, or save it again with save_pretrained."
    )
}
