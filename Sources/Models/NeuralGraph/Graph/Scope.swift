/// A place in the checkpoint's tree of names. `scope.encoder.layer[0].norm1` leads to the tensors
/// whose keys begin with `encoder.layer.0.norm1.`, so a model needs no table of names.
@dynamicMemberLookup
public struct Scope {
    /// Where its graph is built.
    public let builder: GraphBuilder
    /// The names on the way, joined by dots; empty at the root.
    public let path: String

    /// The place of this name inside this one.
    public subscript(dynamicMember name: String) -> Scope { self[name] }

    /// The place of this name inside this one.
    public subscript(name: String) -> Scope {
        Scope(builder: builder, path: path.isEmpty ? name : path + "." + name)
    }

    /// The place of this number inside this one.
    public subscript(index: Int) -> Scope { self["\(index)"] }

    /// The key of a tensor here.
    public func tensorKey(_ name: String) -> String { self[name].path }
}
