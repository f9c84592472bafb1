/// The two builds of the inference library.
package enum ToolVariant: String, Sendable, Codable, CaseIterable {
    /// Runs on the processor; small.
    case cpu
    /// Runs on NVIDIA GPUs too; brings CUDA's libraries.
    case gpu
}
