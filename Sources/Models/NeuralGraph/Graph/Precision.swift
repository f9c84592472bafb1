/// What a model computes in.
package enum Precision: String, Sendable, CaseIterable {
    /// 32-bit floating point throughout, as the reference implementations do.
    case float32 = "fp32"
    /// 16-bit floating point throughout; for GPUs.
    case float16 = "fp16"
    /// Linear layers in 8-bit numbers: weights with one scale for each output, inputs rounded as
    /// they come. Everything else in 32-bit floating point.
    case int8

    /// What values are held in between the operators.
    package var type: ElementType { self == .float16 ? .float16 : .float32 }
}
