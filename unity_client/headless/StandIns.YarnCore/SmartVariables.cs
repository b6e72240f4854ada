#nullable enable

namespace Yarn
{
    /// <summary>Reference stand-in for an API check: the members of Yarn Spinner 3 in use.</summary>
    public interface ISmartVariableEvaluator
    {
        bool TryGetSmartVariable<T>(string name, out T result);
    }

    public enum VariableKind
    {
        Unknown,
        Stored,
        Smart,
    }
}
