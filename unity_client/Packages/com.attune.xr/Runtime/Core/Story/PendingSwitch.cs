#nullable enable

namespace Attune
{
    /// <summary>
    /// Holds a settled branch until the scene comes to a place where it may change: a cut in the middle of a
    /// movement would be seen. One thread.
    /// </summary>
    public sealed class PendingSwitch
    {
        private string _choiceId = "";
        private string? _branchId;

        /// <summary>A choice was reached: what was settled before is over.</summary>
        public void Reach(string choiceId)
        {
            _choiceId = choiceId;
            _branchId = null;
        }

        public void Observe(ChoiceSettled settled) => Settle(settled.ChoiceId, settled.BranchId);

        public void Settle(string choiceId, string branchId)
        {
            if (choiceId == _choiceId)
            {
                _branchId = branchId;
            }
        }

        /// <summary>The scene may change here. The branch to change to, once; null: none is settled yet.</summary>
        public string? Take(string choiceId)
        {
            if (choiceId != _choiceId)
            {
                return null;
            }

            string? branch = _branchId;
            _branchId = null;
            return branch;
        }
    }
}
