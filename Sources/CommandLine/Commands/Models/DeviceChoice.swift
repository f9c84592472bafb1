import ArgumentParser
import OnnxEngine

/// What the user wants a model to run on.
enum DeviceChoice: Equatable {
    /// A GPU that works, else the processor.
    case auto
    /// This and nothing else.
    case only(Device)
}

extension DeviceChoice: ExpressibleByArgument {
    /// `auto`, `cpu`, `cuda`, or `cuda:N`.
    init?(argument: String) {
        switch argument {
        case "auto": self = .auto
        case "cpu": self = .only(.cpu)
        case "cuda": self = .only(.cuda(0))
        default:
            guard argument.hasPrefix("cuda:"), let number = UInt16(argument.dropFirst(5)) else {
                return nil
            }
            self = .only(.cuda(Int(number)))
        }
    }

    var defaultValueDescription: String {
        switch self {
        case .auto: "auto"
        case .only(let device): "\(device)"
        }
    }

    static let allValueStrings = ["auto", "cpu", "cuda"]
}
