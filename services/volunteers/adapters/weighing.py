"""The weights of the costs, as the settings say."""

from chassis.settings import Settings, SettingsError
from services.volunteers.domain.costs import Weights


def weights_of(settings: Settings) -> Weights:
    """The weights; raises SettingsError on a name that there is not, or a number that is none."""
    try:
        return Weights.of(Settings.by_system(settings.match_weights))
    except ValueError as odd:
        raise SettingsError(f"SHILIU_MATCH_WEIGHTS:要写 名称=整数 / name=whole number is needed ({odd})") from None
