import Files
import FoundationEssentials

/// Says which file every tensor is in, when the weights are in several.
package struct WeightIndex: Sendable {
    /// The name of its file.
    package static let fileName = "model.safetensors.index.json"
    /// An index is never longer.
    package static let limit = 16 << 20

    /// The file of every tensor, by the tensor's name.
    let places: [String: String]
    /// The files, sorted. They are names, so no path leads out of the checkpoint's folder.
    package let files: [String]

    /// Reads an index; nil when it makes no sense.
    package init?(_ json: [UInt8]) {
        struct Index: Decodable {
            // The key's name in the format.
            // swift-format-ignore: AlwaysUseLowerCamelCase
            let weight_map: [String: String]
        }
        guard let index = try? JSONDecoder().decode(Index.self, from: Data(json)) else {
            return nil
        }
        places = index.weight_map
        files = Set(places.values).sorted()
        guard (1...1000).contains(files.count),
            files.allSatisfy({ PlainName.allows($0) && $0.hasSuffix(".safetensors") })
        else { return nil }
    }
}
