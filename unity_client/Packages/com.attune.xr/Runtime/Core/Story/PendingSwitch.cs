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
        private uint _occurrence;
        private string? _branchId;

        /// <summary>A choice was reached, and nobody settled it yet.</summary>
        public bool IsOpen { get; private set; }

        /// <summary>A choice was reached: what was settled before is over.</summary>
        /// <param name="occurrence">As <see cref="AttuneClient.ReachChoice"/> counts; 0: nobody else settles it.</param>
        public void Reach(string choiceId, uint occurrence)
        {
            _choiceId = choiceId;
            _occurrence = occurrence;
            _branchId = null;
            IsOpen = choiceId.Length > 0;
        }

        public void Observe(ChoiceSettled settled)
        {
            if (settled.Occurrence == _occurrence)
            {
                Settle(settled.ChoiceId, settled.BranchId);
            }
        }

        /// <summary>The branch of the choice that was reached last.</summary>
        public void Settle(string choiceId, string branchId)
        {
            if (choiceId == _choiceId)
            {
                _branchId = branchId;
                IsOpen = false;
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
