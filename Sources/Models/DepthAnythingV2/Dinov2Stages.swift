import Weights

/// After which layers of the backbone maps are tapped: by numbers (`out_indices`), by names
/// (`out_features`), or by both, which must then agree.
struct Dinov2Stages {
    /// Ascending numbers; 0 is what comes before the first layer.
    let indices: [Int]

    init(_ fields: ConfigurationFields, layers: Int) throws {
        let names = ["stem"] + (1...layers).map { "stage\($0)" }
        if let stages = try fields.texts("stage_names"), stages != names {
            throw fields.problem("stage_names", "are not stem and stage1 to stage\(layers)")
        }
        let byName = try fields.texts("out_features")?.map { name in
            guard let index = names.firstIndex(of: name) else {
                throw fields.problem("out_features", "names a stage that there is not")
            }
            return index
        }
        // Negative numbers count from the end.
        let byNumber = try fields.integers("out_indices", in: -names.count...layers)?.map {
            $0 < 0 ? $0 + names.count : $0
        }
        if let byName, let byNumber, byName != byNumber {
            throw fields.problem("out_features", "and 'out_indices' do not agree")
        }
        indices = byNumber ?? byName ?? [layers]
        guard zip(indices, indices.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw fields.problem(byNumber == nil ? "out_features" : "out_indices", "do not ascend")
        }
    }
}
