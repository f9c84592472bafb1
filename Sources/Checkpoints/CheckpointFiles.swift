import FoundationEssentials
import SystemPackage

/// The files that a checkpoint consists of.
package enum CheckpointFiles {
    /// Says what the model looks like.
    package static let config = "config.json"
    /// The weights in one file.
    package static let weights = "model.safetensors"
    /// Says which files the weights are in, when they are in several.
    package static let index = "model.safetensors.index.json"
    /// Files that only some checkpoints have.
    package static let optional = [
        "preprocessor_config.json", "processor_config.json", "video_preprocessor_config.json",
    ]
    /// An index is never longer.
    package static let indexLimit = 16 << 20

    /// The files of weights that an index names, sorted; nil when it makes no sense.
    package static func shards(index bytes: [UInt8]) -> [String]? {
        struct Index: Decodable {
            // The key's name in the format.
            // swift-format-ignore: AlwaysUseLowerCamelCase
            let weight_map: [String: String]
        }
        guard let index = try? JSONDecoder().decode(Index.self, from: Data(bytes)) else {
            return nil
        }
        let names = Set(index.weight_map.values).sorted()
        guard (1...1000).contains(names.count),
            names.allSatisfy({ HubFile.isPlainName($0) && $0.hasSuffix(".safetensors") })
        else { return nil }
        return names
    }

    /// What is wrong with a folder that should hold a checkpoint; nil when nothing is.
    package static func problem(in folder: FilePath) -> String? {
        guard let size = RepositoryCache.size(of: folder.appending(config)) else {
            return "it has no \(config)"
        }
        guard size > 0 else { return "\(config) is empty" }
        if RepositoryCache.size(of: folder.appending(weights)) != nil {
            return WeightsFile.problem(folder.appending(weights)).map { "\(weights) \($0)" }
        }
        guard let bytes = try? SmallFile.read(folder.appending(index), limit: indexLimit) else {
            return "it has no \(weights)"
        }
        guard let names = shards(index: bytes) else { return "\(index) makes no sense" }
        for name in names {
            if let problem = WeightsFile.problem(folder.appending(name)) {
                return "\(name) \(problem)"
            }
        }
        return nil
    }
}
