import OnnxEngine

extension Sam2Model.Features {
    /// What they take, in bytes.
    package var byteCount: Int {
        [fine, middle, features, initial].reduce(0) { sum, tensor in
            sum + tensor.shape.reduce(tensor.type.byteCount, *)
        }
    }
}
