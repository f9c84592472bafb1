/// What a model runs on.
package enum Device: Sendable, Equatable {
    /// The processor.
    case cpu
    /// An NVIDIA GPU, by its number.
    case cuda(Int)
}

extension Device: CustomStringConvertible {
    /// `cpu`, `cuda:0`.
    package var description: String {
        switch self {
        case .cpu: "cpu"
        case .cuda(let number): "cuda:\(number)"
        }
    }
}
