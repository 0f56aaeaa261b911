import type { Component } from 'vue';
import type { TabId } from '../../stores/workspace';
import HistoryPanel from '../history/HistoryPanel.vue';
import MethodTab from '../method/MethodTab.vue';
import PersonalPanel from '../personal/PersonalPanel.vue';
import RegionsPanel from '../regions/RegionsPanel.vue';

/** What is in each tab of the tools. */
export const TOOL_TABS: Readonly<Record<TabId, Component>> = {
  method: MethodTab,
  regions: RegionsPanel,
  personal: PersonalPanel,
  history: HistoryPanel,
};
