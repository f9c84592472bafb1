import Files
import SystemPackage
import Weights

/// The files that a checkpoint consists of.
package enum CheckpointFiles {
    /// Says what the model looks like.
    package static let config = "config.json"
    /// Files that only some checkpoints have.
    package static let optional = [
        "preprocessor_config.json", "processor_config.json", "video_preprocessor_config.json",
    ]

    /// What is wrong with a folder that should hold a checkpoint; nil when nothing is.
    package static func problem(in folder: FilePath) -> String? {
        guard let size = RepositoryCache.size(of: folder.appending(config)) else {
            return "it has no \(config)"
        }
        guard size > 0 else { return "\(config) is empty" }
        let single = CheckpointWeights.fileName
        if RepositoryCache.size(of: folder.appending(single)) != nil {
            return WeightsFile.problem(folder.appending(single)).map { "\(single) \($0)" }
        }
        let path = folder.appending(WeightIndex.fileName)
        guard let bytes = try? SmallFile.read(path, limit: WeightIndex.limit) else {
            return "it has no \(single)"
        }
        guard let index = WeightIndex(bytes) else {
            return "\(WeightIndex.fileName) makes no sense"
        }
        for name in index.files {
            if let problem = WeightsFile.problem(folder.appending(name)) {
                return "\(name) \(problem)"
            }
        }
        return nil
    }
}
